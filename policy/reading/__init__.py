"""What inputs mean, read once: documents, network reach, where data goes, pods. Rules ask these and compare no text."""
