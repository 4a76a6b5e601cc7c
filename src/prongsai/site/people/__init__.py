"""People, roles, login, delegation and handover; who may do what."""
