import { checkHistories } from './check-histories.ts';

checkHistories([16, 17, 18, 19, 20]);
