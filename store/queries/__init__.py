"""What lists, pages and the API read. Everything here only reads; instants are aware UTC."""
