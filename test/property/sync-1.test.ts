import { checkHistories } from './check-histories.ts';

checkHistories([1, 2, 3, 4, 5]);
