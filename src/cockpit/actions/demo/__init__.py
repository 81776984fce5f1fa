"""What is shown to somebody who has nothing yet? A throwaway workspace with something to triage."""
