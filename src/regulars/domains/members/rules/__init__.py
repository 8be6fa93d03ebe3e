"""Pure decisions about members: what is a usable id, phone or e-mail, what may be shown of it, what a consent history allows."""
