/** Only what the agent has dragged is remembered: a width that a narrow window forced would stay when the window is wide again. */
import { expect, it } from 'vitest';
import { choosePaneSizes } from '../../../renderer/shell/pane-sizes.ts';

const CHOSEN = { list: 360, panel: 304 };

it.each([
  ['a drag of the list alone', { list: 360, panel: 304 }, { list: 400, panel: 304 }, { list: 400, panel: 304 }],
  ['a drag of the list beside a panel that the window squeezes', { list: 360, panel: 240 }, { list: 330, panel: 240 }, { list: 330, panel: 304 }],
  ['a drag of the panel while the list is squeezed', { list: 300, panel: 304 }, { list: 300, panel: 350 }, { list: 360, panel: 350 }],
  ['a list that pushes the panel together', { list: 360, panel: 304 }, { list: 512, panel: 240 }, { list: 512, panel: 304 }],
])('%s', (_, before, now, expected) => expect(choosePaneSizes(CHOSEN, before, now)).toEqual(expected));
