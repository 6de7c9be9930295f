"""Customers as support knows them, from the events of contacts."""

from __future__ import annotations

from chassis.tables import NAMING, Table
from customer_projection.tables import CustomerAccountColumns, CustomerColumns
from sqlalchemy import MetaData


class SupportTable(Table):
    """Base of every table of support."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


class Customer(CustomerColumns, SupportTable):
    """A contact or an account."""

    __tablename__ = "customer"


class CustomerAccount(CustomerAccountColumns, SupportTable):
    """A person's place in a company."""

    __tablename__ = "customer_account"
