/** Implements the part of the contract about reports. */
import type { Reports } from '../reports/reports.ts';
import type { Implementer } from './implementer.ts';

export type ReportFeatures = { reports: Reports };
type Deps = ReportFeatures & { os: Pick<Implementer, 'reports'> };

export const createReportsRouter = ({ os, reports }: Deps) => ({
  reports: { get: os.reports.get.handler(({ input }) => reports.get(input)) },
});
