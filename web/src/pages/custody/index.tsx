export function CustodyPage() { return <div className="page">custody</div>; }
