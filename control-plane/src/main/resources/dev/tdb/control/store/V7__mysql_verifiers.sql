-- SHA1(SHA1(password)) in hexadecimal, for clients of MySQL; empty for a password that was made before it was kept.
ALTER TABLE credentials ADD COLUMN double_sha1 TEXT NOT NULL DEFAULT '';
