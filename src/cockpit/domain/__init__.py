"""The study: frozen nouns and pure rules. No IO, no clock, no Textual, no httpx, no YAML."""
