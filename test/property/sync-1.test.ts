import { checkHistories } from './check-histories.ts';

checkHistories([1]);
