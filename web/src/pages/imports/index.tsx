export function ImportsPage() { return <div className="page">imports</div>; }
