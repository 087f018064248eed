import type { KbFileProblem } from '../../../../../contract/ai/ai-words.ts';

/** Why a file gives no text. */
export class Unreadable extends Error {
  readonly problem: KbFileProblem;
  constructor(problem: KbFileProblem) {
    super(problem);
    this.problem = problem;
  }
}
