"""Evidence: what each tool that makes stacks says of which branch stands on which."""
