"""The kit pages are built from: it knows Qt but no customer."""
