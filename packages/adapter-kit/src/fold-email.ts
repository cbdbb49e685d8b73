/** An e-mail as it is compared: trimmed, Unicode NFC, lower case. Plus parts and dots stay: to most mail hosts they are different people. */
export const foldEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase()
