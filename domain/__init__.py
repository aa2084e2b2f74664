"""Pure rules of after-sales service, with the standard library and pydantic alone."""
