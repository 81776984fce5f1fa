"""How does one large branch become a stack of small slices? Plan, build, prove, receipt."""
