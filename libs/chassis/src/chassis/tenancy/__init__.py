"""The life of a tenant's rows as a whole: which tables there are, cutting an archive, putting one back, erasing."""
