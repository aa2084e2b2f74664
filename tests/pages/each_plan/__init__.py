"""One case of each plan on the pages of the whole product, by clicks, from the request to the archive."""
