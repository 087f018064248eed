/** Whether a text may be an e-mail address: looser than what mail servers take, strict enough for a slip of the hand. */
export const isEmail = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(text);
