"""The whole of Funia on one machine: PostgreSQL, NATS, five services and the gateway, supervised."""
