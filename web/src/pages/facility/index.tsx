export function FacilityPage() { return <div className="page">facility</div>; }
