"""Does what an editor decides; the admin and the API call it."""
