import { checkHistories } from './check-histories.ts';

checkHistories([2, 3, 4, 5, 6, 7, 8, 9, 10]);
