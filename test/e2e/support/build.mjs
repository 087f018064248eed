import { buildIfStale } from '../../../main/dev/build-if-stale.mjs';

/** Before all tests: the programs they start are those of this source. */
// oxlint-disable-next-line import/no-default-export -- Playwright asks for it
export default function buildBeforeTests() {
  buildIfStale(process.execPath);
}
