import { Loading } from "@regulars/shared/desk/states/Loading";

/** The shape of the overview while its numbers are on their way. */
export function OverviewSkeleton() {
  return (
    <div className="insights">
      <div className="panel insights-skeleton-hero">
        <Loading rows={9} />
      </div>
      <div className="insights-figures">
        {["a", "b", "c", "d"].map((one) => (
          <div key={one} className="insights-figure">
            <Loading rows={2} />
          </div>
        ))}
      </div>
      <div className="panel">
        <Loading rows={8} />
      </div>
    </div>
  );
}
