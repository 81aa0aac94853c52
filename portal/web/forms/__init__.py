"""Forms: the words and order of what is asked; what an answer must be is the domain's to say."""
