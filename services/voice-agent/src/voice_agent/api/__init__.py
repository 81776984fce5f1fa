"""The door: models and routes, generated from the contract. Nothing here is written by hand."""
