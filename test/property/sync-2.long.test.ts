import { checkHistories } from './check-histories.ts';

checkHistories([6, 7, 8, 9, 10]);
