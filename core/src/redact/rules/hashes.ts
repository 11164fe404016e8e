import { pattern } from "../rule.ts";

/** Password hashes in crypt's format (bcrypt, SHA-crypt, MD5-crypt, Argon2, scrypt): what an attacker takes home to guess. */
export const passwordHash = pattern(
  "password-hash",
  /\$(?:2[abxy]?\$\d{2}\$[./A-Za-z0-9]{53}|(?:1|5|6|y|7|apr1|argon2(?:id|i|d)|scrypt|pbkdf2-sha(?:256|512))\$[^\s:"'`]{20,300})/dg,
);
