"""The revisions of the schema, oldest first by their number."""
