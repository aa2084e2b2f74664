"""A report as picture and as paper: plain data in, SVG or PDF out."""
