export function AccountPage() { return <div className="page">account</div>; }
