/** The ten steps of the tour, in order. What each says stands in the languages under `tour.steps`. */
export const TOUR_STEPS = ['whose', 'reply', 'draft', 'assign', 'offline', 'search', 'template', 'keys', 'reports', 'diagnosis'] as const;
export type TourStep = (typeof TOUR_STEPS)[number];
