/**
 * In which language the shell speaks where the window's own texts do not reach: those of the system's menus, the mark beside the clock and
 * notices stand beside their code. As in the window, whoever speaks neither reads Spanish.
 */
export type ShellLanguage = 'es' | 'en';

/** @param tag BCP 47. */
export const shellLanguageOf = (tag: string): ShellLanguage => (/^en\b/i.test(tag) ? 'en' : 'es');
