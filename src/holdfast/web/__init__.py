"""The HTTP edge: the one place that knows status codes, forms, cookies and HTML."""
