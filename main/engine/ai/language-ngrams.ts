/** By what languages are told apart: a megabyte and a half. `language.ts` loads it when it is first asked, which most starts are not for a long while. */
export { eld } from 'eld/extrasmall';
