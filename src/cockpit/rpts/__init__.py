"""RPT documents: read, judge, write and start them. Knows nothing of services, git or the network."""
