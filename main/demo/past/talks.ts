/** All talks of the demo's past. Their order gives each its number (`numberOf`): new ones go to the end of their list. */
import { ENGLISH_TALKS } from './talks-english.ts';
import { HOME_TALKS } from './talks-homes.ts';
import { INDUSTRY_TALKS } from './talks-industry.ts';
import { PRESENT_TALKS } from './talks-now.ts';
import { VENDOR_TALKS } from './talks-vendors.ts';
import type { Talk } from './talk.ts';

export const PAST_TALKS: readonly Talk[] = [...HOME_TALKS, ...INDUSTRY_TALKS, ...VENDOR_TALKS, ...ENGLISH_TALKS, ...PRESENT_TALKS];
