"""Records of a service: what reading, listing, writing and binning one kind of record is made of, written once.

A service declares a table and a message (`Resource`), and adds its rules in a `RecordServicer` of its own. What has
rules in more than one statement (merging, bulk, queues) is written by hand beside it.
"""

from chassis.records.resource import Order, Resource, stale
from chassis.records.servicer import RecordServicer
from chassis.records.store import RecordStore

__all__ = ["Order", "RecordServicer", "RecordStore", "Resource", "stale"]
