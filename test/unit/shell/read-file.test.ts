/** Files read by processes of their own, as each host starts them: here Electron's way, by the stand-in for its utility processes. */
import { expect, test, vi } from 'vitest';
import { makePdf } from '../../support/sample-documents.ts';

vi.mock('electron', () => import('../../electron/utility-process.ts'));
const { readFileInUtility } = await import('../../../main/shell/electron/read-file.ts');

test('a utility process answers with what a file says, and ends when nobody waits any more', async () => {
  const bytes = makePdf('BT /F1 12 Tf 50 700 Td (Atendemos de noche) Tj ET');
  expect(await readFileInUtility({ filename: 'horario.pdf', bytes }, new AbortController().signal)).toMatchObject({ status: 'ok', kind: 'pdf', text: 'Atendemos de noche' });
  const leaving = new AbortController();
  const reading = readFileInUtility({ filename: 'horario.pdf', bytes }, leaving.signal);
  leaving.abort();
  expect(await reading).toBeNull();
  expect(await readFileInUtility({ filename: 'horario.pdf', bytes }, leaving.signal)).toBeNull();
});
