"""One formula, one small pure compiled scalar function; nothing here knows of objects."""
