import { checkHistories } from './check-histories.ts';

checkHistories([11, 12, 13, 14, 15]);
