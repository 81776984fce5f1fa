"""Contracts: what an OpenAPI document promises. Plain data in, plain data out; no HTTP, no files."""
