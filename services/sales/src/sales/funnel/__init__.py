"""The rules of the funnel, without a database: gates, rot, and the pipelines a company begins with."""
