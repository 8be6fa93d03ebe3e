"""The API's documentation page, rendered here from the OpenAPI document: one file, no script, nothing loaded from elsewhere."""
