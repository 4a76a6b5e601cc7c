"""The design system: templates, tokens, tags, form fields, middleware, the registry of personal fields."""
