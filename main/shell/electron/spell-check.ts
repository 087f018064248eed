/** Both languages of the team are checked at once, where the system offers dictionaries for them; macOS chooses by itself. */
import type { Session } from 'electron';

/** Best first, for each language. */
const WANTED = [
  ['es-419', 'es-MX', 'es', 'es-ES'],
  ['en-US', 'en-GB', 'en'],
];

export function checkSpelling(session: Session, platform: NodeJS.Platform): void {
  if (platform === 'darwin') return;
  const offered = new Set(session.availableSpellCheckerLanguages);
  session.setSpellCheckerLanguages(WANTED.flatMap((languages) => languages.find((language) => offered.has(language)) ?? []));
}
