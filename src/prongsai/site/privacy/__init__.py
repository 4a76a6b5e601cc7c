"""Privacy: what is kept about people, why and until when; what erases it; a person's rights; notices by version."""
