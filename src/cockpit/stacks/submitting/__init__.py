"""How does a stack become pull requests? Plan the calls, make and remember each, take back."""
